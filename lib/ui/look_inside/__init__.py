"""The views of Look inside, one module each; every one has `show(net)`."""
