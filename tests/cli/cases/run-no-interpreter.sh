# A script of a virtual environment that was moved: its first line names a Python that is gone.
printf '#!/nowhere/bin/python3\nprint(1)\n' > gunicorn
chmod +x gunicorn
unslow run -- ./gunicorn; echo $?
rm gunicorn
ls
