"""The views of Data, one module each; every one has `show(config, info)`."""
