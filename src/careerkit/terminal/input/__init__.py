"""What a terminal sends, as keys, typed text and pastes. Both front ends read it here."""
