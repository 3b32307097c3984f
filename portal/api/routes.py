"""All that the interface answers."""

from portal.api.description import description
from portal.api.findings import findings
from portal.api.requests import requests
from portal.api.territories import territories
from portal.api.uploads import uploads

ROUTERS = (description, territories, findings, uploads, requests)
