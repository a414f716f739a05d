"""The weekly chain in Airflow; the only package that imports airflow."""
