"""Looking inside a net."""

from lib.explain.activations import record_activations

__all__ = ["record_activations"]
