"""The views of Diagnose, one module each; every one has `show(net)`."""
