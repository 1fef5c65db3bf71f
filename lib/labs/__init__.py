"""Labs: one move each on a net that somebody trained, computed; the pages draw it. Knows no Streamlit."""
