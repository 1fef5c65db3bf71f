"""The views of Classify; each has `show(net)`."""
