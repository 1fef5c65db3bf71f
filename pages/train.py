"""Train: choose data and layers, press Train, watch it learn."""

import streamlit as st

from lib.ui import advice, state, take_away
from lib.ui.frame import head, open_page
from lib.ui.layers_panel import layers_card
from lib.ui.run_panel import buttons, choose_run, monitor
from lib.ui.setup_panel import data_card, hyperparameters_card

open_page("Train", edits_setup=True)

config = state.setup()
info = state.dataset_info(config.data.name)

with st.container(key="stack-train"):
    left, right = st.columns([0.42, 0.58], gap="medium")
with left:
    head("Train", "Choose data and layers, press Train, and watch what it learns.")
    advice.say()
    data_card(config, info)
    works = layers_card(config, info)
    hyperparameters_card(config, info)
    buttons(config, info, works)
with right:
    monitor()
choose_run()
take_away.dialogs(state.current_run())
