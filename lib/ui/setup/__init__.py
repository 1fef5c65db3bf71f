"""The set-up being edited: in the session, in the address, in the controls."""
