# syntax=docker/dockerfile:1
# One image for web, worker and clock; docker-compose.yml says which command each runs.
FROM python:3.11.14-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
RUN /opt/venv/bin/pip install --no-input --require-hashes -r /tmp/requirements.lock

FROM python:3.11.14-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOIAM_VAR=/var/lib/hoiam
# pg_dump and pg_restore, for backup and restore: bookworm's are of version 15, as is the server beside it.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/hoiam --create-home --shell /usr/sbin/nologin hoiam
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/hoiam
COPY . .
USER hoiam
VOLUME /var/lib/hoiam
EXPOSE 8000
CMD ["gunicorn", "-c", "python:config.gunicorn", "--bind", "0.0.0.0:8000"]
