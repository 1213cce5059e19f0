# Ext in a container. It runs as an unprivileged user and writes only to /data:
#
#   docker build -t ext .
#   docker run --read-only --cap-drop ALL --security-opt no-new-privileges \
#     --env-file .env --publish 3000:3000 --volume ext-data:/data ext

FROM python:3.11-slim AS packages
COPY requirements.txt .
RUN python -m venv /packages \
    && /packages/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt

FROM python:3.11-slim
# A numeric id, because Kubernetes' runAsNonRoot can't check a name.
RUN useradd --uid 10001 --user-group --no-create-home ext \
    && install --directory --owner ext --group ext --mode 700 /data
COPY --from=packages /packages /packages
WORKDIR /app
COPY manifest.yml pyproject.toml ./
COPY bot bot
# Modules are compiled here, because the running process can't write beside them.
RUN python -m compileall -q bot /packages/lib
ENV PATH=/packages/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    TMPDIR=/data
VOLUME /data
USER 10001:10001
EXPOSE 3000
STOPSIGNAL SIGTERM
# Shows in `docker ps`; Docker itself restarts nothing for it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT') or 3000}/healthz\", timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
