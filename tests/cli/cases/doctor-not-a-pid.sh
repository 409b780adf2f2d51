unslow doctor gunicorn
