# The web page and the API. Untried: where this was written, no container engine was at hand.
#   docker build -t inkdigits .
#   docker run --rm -p 127.0.0.1:8000:8000 -e INKDIGITS_TOKEN=choose-one inkdigits
# Then open http://127.0.0.1:8000/#token=choose-one. Without INKDIGITS_TOKEN the server makes one and logs it.
FROM python:3.12-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /app && /app/bin/pip install --no-cache-dir -c constraints.txt ".[web]"

FROM python:3.12-slim
RUN useradd --system --no-create-home inkdigits
COPY --from=build /app /app
USER inkdigits
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["/app/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
ENTRYPOINT ["/app/bin/inkdigits", "serve", "--host", "0.0.0.0"]
