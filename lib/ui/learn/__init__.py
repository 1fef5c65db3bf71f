"""The sections of Learn, one module each; every one has `show(net)`."""
