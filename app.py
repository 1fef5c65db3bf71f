"""Launch Glasshouse: `streamlit run app.py` (or `make run`)."""

import streamlit as st
from starlette.middleware import Middleware

from lib.ui.classroom import opening
from lib.ui.frame import fault, warming
from lib.ui.frame.document import Document
from lib.ui.learn import terms
from lib.ui.serve import lifetime, stream
from lib.ui.serve.compressed import Compressed
from lib.ui.serve.descriptors import FreeFiles, raise_limit, say_if_few
from lib.ui.serve.log import date_the_log
from lib.ui.serve.presses import hear_out
from lib.ui.serve.said import keep_to_kinds
from lib.ui.serve.uploads import keep_in_memory
from lib.ui.setup import expected

date_the_log()
say_if_few(raise_limit())
keep_in_memory()
keep_to_kinds()
hear_out()
fault.number_the_log()
lifetime.take_home()
opening.open_if_wanted()
app = st.App(
    "lib/ui/router.py",
    routes=[*stream.routes, *expected.routes, *opening.routes, terms.route],
    middleware=[*stream.middleware, Middleware(FreeFiles), Middleware(Compressed), Middleware(Document)],
    lifespan=warming.lifespan,
    on_script_error=fault.catch,
)
