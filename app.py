"""Launch Glasshouse: `streamlit run app.py` (or `make run`)."""

import streamlit as st

from lib.ui.stream import middleware, routes

app = st.App("lib/ui/router.py", routes=routes, middleware=middleware)
