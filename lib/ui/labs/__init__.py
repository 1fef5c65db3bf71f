"""The Labs page: a gallery, and one module for each lab."""
