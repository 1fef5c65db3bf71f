"""The screens' common parts. The only place in lib that imports streamlit."""
