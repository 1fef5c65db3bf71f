"""Train: choose data and layers, press Train, watch it learn."""

import streamlit as st

from lib.ui.frame.page import head, open_page
from lib.ui.setup import advice, session
from lib.ui.train import take_away
from lib.ui.train.layers import layers_card
from lib.ui.train.run import buttons, choose_run, monitor
from lib.ui.train.setup import data_card, hyperparameters_card
from lib.ui.words import say

open_page("train", edits_setup=True)

config = session.setup()
info = session.dataset_info(config.data.name)

with st.container(key="stack-train"):
    left, right = st.columns([0.42, 0.58], gap="medium")
with left:
    head(say("pages.train"), say("pages.train_says"))
    advice.say()
    data_card(config, info)
    works = layers_card(config, info)
    hyperparameters_card(config, info)
    buttons(config, info, works)
with right:
    monitor(config, info)
choose_run()
take_away.dialogs(session.current_run())
