FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=portal.settings.base VAR_DIR=/srv/var
WORKDIR /srv/roundtable
# For manage.py backup; of the same version as the server in docker-compose.yml.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-15 && rm -rf /var/lib/apt/lists/*
COPY requirements/production.txt requirements/production.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/production.txt
COPY . .
# Static files are hashed into the image; the values here are only there because settings refuse to load without them.
RUN SECRET_KEY=only-while-building-only-while-building-only-while-building ALLOWED_HOSTS=localhost \
    PORTAL_URL=https://localhost EMAIL_URL=dummymail:// python manage.py collectstatic --noinput -v 0 \
    && useradd --system --home /srv/var portal && mkdir -p /srv/var/media /srv/var/backup && chown -R portal /srv/var
USER portal
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--config", "portal/gunicorn.py"]
