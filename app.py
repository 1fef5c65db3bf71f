"""Launch Glasshouse: `streamlit run app.py` (or `make run`)."""

import streamlit as st

from lib.ui import fault, serving
from lib.ui.descriptors import raise_limit, say_if_few
from lib.ui.stream import middleware, routes
from lib.ui.uploads import keep_in_memory

say_if_few(raise_limit())
keep_in_memory()
fault.number_the_log()
serving.take_home()
app = st.App(
    "lib/ui/router.py",
    routes=routes,
    middleware=middleware,
    lifespan=serving.lifespan,
    on_script_error=fault.catch,
)
