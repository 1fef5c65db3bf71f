"""Launch Glasshouse: `streamlit run app.py` (or `make run`)."""

import streamlit as st
from starlette.middleware import Middleware

from lib.ui.classroom import opening
from lib.ui.frame import fault
from lib.ui.frame.history import PageHistory
from lib.ui.serve import lifetime, stream
from lib.ui.serve.descriptors import FreeFiles, raise_limit, say_if_few
from lib.ui.serve.uploads import keep_in_memory
from lib.ui.setup import expected

say_if_few(raise_limit())
keep_in_memory()
fault.number_the_log()
fault.pass_over_late_ticks()
lifetime.take_home()
opening.open_if_wanted()
app = st.App(
    "lib/ui/router.py",
    routes=[*stream.routes, *expected.routes, *opening.routes],
    middleware=[*stream.middleware, Middleware(FreeFiles), Middleware(PageHistory)],
    lifespan=lifetime.lifespan,
    on_script_error=fault.catch,
)
