{{- define "bridge.fullname" -}}
{{- printf "%s-%s" .root.Release.Name .name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "bridge.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: reunite-bridge
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "bridge.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "bridge.image" -}}
{{- $image := .root.Values.image -}}
{{- $prefix := ternary (printf "%s/" $image.registry) "reunite/" (ne $image.registry "") -}}
{{- with index $image.digests .image -}}
{{ $prefix }}{{ $.image }}@{{ . }}
{{- else -}}
{{ $prefix }}{{ .image }}:{{ $image.tag }}
{{- end -}}
{{- end }}

{{- define "bridge.secret" -}}
{{- index .root.Values.secrets.names .name | default (include "bridge.fullname" .) -}}
{{- end }}

{{/* Settings of a pod: no root, no token of the cluster, no capabilities. */}}
{{- define "bridge.pod" -}}
serviceAccountName: {{ include "bridge.fullname" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "bridge.container" -}}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/* The files of a service. Its folder is replaced as a whole when the secret changes. */}}
{{- define "bridge.volumes" -}}
- name: files
  secret: { secretName: {{ include "bridge.secret" . }}, defaultMode: 0440 }
- name: tmp
  emptyDir: { sizeLimit: 512Mi }
{{- end }}

{{- define "bridge.volumeMounts" -}}
- { name: files, mountPath: /run/files, readOnly: true }
- { name: tmp, mountPath: /tmp }
{{- end }}

{{/* Certificates, and the addresses of PostgreSQL, Redis and the vault. The URL of the database names /run/files/ca.crt. */}}
{{- define "bridge.env" -}}
- { name: LISTEN_HOST, value: 0.0.0.0 }
- { name: LOG_LEVEL, value: {{ .root.Values.logLevel | quote }} }
- { name: SHUTDOWN_DELAY_SECONDS, value: {{ .root.Values.shutdownDelaySeconds | quote }} }
- { name: NODE_OPTIONS, value: "--enable-source-maps --max-old-space-size={{ .service.heapMb }}" }
- { name: PORT, value: {{ .service.ports.http | default .service.ports.grpc | quote }} }
- { name: DATABASE_URL_FILE, value: /run/files/database-url }
{{- if ne .name "preview-host" }}
- { name: TLS_CA_FILE, value: /run/files/ca.crt }
- { name: TLS_CERT_FILE, value: /run/files/tls.crt }
- { name: TLS_KEY_FILE, value: /run/files/tls.key }
{{- end }}
{{- if has .name (list "api" "webhook-ingest" "sync-worker") }}
- { name: QUEUE_URL_FILE, value: /run/files/queue-url }
- { name: QUEUE_CA_FILE, value: /run/files/ca.crt }
- { name: VAULT_ADDRESS, value: "{{ include "bridge.fullname" (dict "root" .root "name" "credential-vault") }}:{{ index .root.Values.services "credential-vault" "ports" "grpc" }}" }
{{- end }}
{{- if .service.ports.metrics }}
- { name: METRICS_PORT, value: {{ .service.ports.metrics | quote }} }
{{- end }}
{{- with .root.Values.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
{{- end }}
{{- end }}

{{- define "bridge.settings" -}}
{{- $values := .root.Values }}
{{- if eq .name "credential-vault" }}
- { name: KEK_URL, value: {{ required "kekUrl is required" $values.kekUrl | quote }} }
{{- end }}
{{- if has .name (list "credential-vault" "sync-worker") }}
- { name: GHES_ALLOWED_CIDRS, value: {{ $values.ghesAllowedCidrs | quote }} }
{{- end }}
{{- if has .name (list "api" "sync-worker") }}
- { name: CONTENT_URL, value: {{ required "storage.contentUrl is required" $values.storage.contentUrl | quote }} }
- { name: WEBHOOK_PUBLIC_URL, value: {{ required "webhookPublicUrl is required" $values.webhookPublicUrl | quote }} }
{{- end }}
{{- if has .name (list "preview-host" "sync-worker") }}
- { name: ARTIFACTS_URL, value: {{ required "storage.artifactsUrl is required" $values.storage.artifactsUrl | quote }} }
{{- end }}
{{- if has .name (list "api" "preview-host" "sync-worker") }}
- { name: PREVIEW_URL_TEMPLATE, value: {{ required "previewUrlTemplate is required" $values.previewUrlTemplate | quote }} }
{{- end }}
{{- if eq .name "sync-worker" }}
- { name: CONSOLE_URL, value: {{ $values.publicUrl | quote }} }
{{- end }}
{{- if eq .name "api" }}
- { name: GRPC_PORT, value: {{ .service.ports.grpc | quote }} }
- { name: PUBLIC_URL, value: {{ required "publicUrl is required" $values.publicUrl | quote }} }
- { name: JWT_ISSUER, value: {{ required "jwt.issuer is required" $values.jwt.issuer | quote }} }
- { name: JWT_JWKS_URL, value: {{ required "jwt.jwksUrl is required" $values.jwt.jwksUrl | quote }} }
- { name: JWT_AUDIENCE, value: {{ $values.jwt.audience | quote }} }
- { name: SIGN_IN_URL, value: {{ $values.signInUrl | quote }} }
- { name: CONSOLE_DIR, value: /app/apps/console/dist }
{{- end }}
{{- end }}
