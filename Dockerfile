# The service as an image. Its steps are those of the Makefile, so that it cannot drift from what is tested.
#
# The image listens on every address of its container. Until the service knows API keys it refuses to do that unless
# TONGXING_OPEN=1 says that whoever can reach the port may ask: the image does not say so for you.
#
#   docker run -e TONGXING_OPEN=1 -p 127.0.0.1:8000:8000 -v tongxing:/data tongxing:0.1.0

FROM python:3.12-slim AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY pyproject.toml requirements.lock Makefile README.md LICENSE ./
COPY rules rules
COPY geodata geodata
COPY service service
RUN make runtime && .venv/bin/python -m compileall -q rules geodata service

FROM python:3.12-slim
RUN groupadd --system --gid 10001 tongxing \
    && useradd --system --uid 10001 --gid tongxing --no-create-home --shell /usr/sbin/nologin tongxing \
    && install --directory --owner tongxing --group tongxing /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
USER tongxing
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2).close()"]
CMD ["tongxing", "serve", "--host", "0.0.0.0", "--port", "8000", "--data", "/data"]
