"""Pages for people at a desk: plain HTML without scripts, readable aloud from the first line."""
