"""Launch Glasshouse: `streamlit run app.py` (or `make run`)."""

import streamlit as st
from starlette.middleware import Middleware

from lib.ui import expected, fault, serving, stream
from lib.ui.descriptors import FreeFiles, raise_limit, say_if_few
from lib.ui.page_history import PageHistory
from lib.ui.uploads import keep_in_memory

say_if_few(raise_limit())
keep_in_memory()
fault.number_the_log()
fault.pass_over_late_ticks()
serving.take_home()
app = st.App(
    "lib/ui/router.py",
    routes=[*stream.routes, *expected.routes],
    middleware=[*stream.middleware, Middleware(FreeFiles), Middleware(PageHistory)],
    lifespan=serving.lifespan,
    on_script_error=fault.catch,
)
