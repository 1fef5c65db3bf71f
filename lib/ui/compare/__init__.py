"""The views of Compare, one module each with a `show()`."""
