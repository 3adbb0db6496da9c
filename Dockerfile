FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=portal.settings.base VAR_DIR=/srv/var
WORKDIR /srv/roundtable
COPY requirements/production.txt requirements/production.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/production.txt
COPY . .
# Static files are hashed into the image; the values here are only there because settings refuse to load without them.
RUN SECRET_KEY=only-while-building-only-while-building-only-while-building ALLOWED_HOSTS=localhost \
    PORTAL_URL=https://localhost python manage.py collectstatic --noinput -v 0 \
    && useradd --system --home /srv/var portal && mkdir -p /srv/var/media && chown -R portal /srv/var
USER portal
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--config", "portal/gunicorn.py"]
