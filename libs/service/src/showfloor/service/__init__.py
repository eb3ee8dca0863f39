"""What every service is: called by its `service.py`, never inherited."""
