"""What every declaration of the codebook is: typed, frozen, without fields that nobody knows."""

from pydantic import BaseModel, ConfigDict


class Declared(BaseModel):
    """Base of all that the codebook's files declare."""

    # What was declared is not repeated: it may be a password that should not be there.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
