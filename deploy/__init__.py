"""What deployment needs: `make up` and its parts; no part of the wheel."""
