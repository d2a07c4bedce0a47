class SourceUnavailable(Exception):
    """A source system did not answer."""
