{{/* The environment of the processes. */}}

{{/* (dict "name" "KEY" "secret" "name of the Secret") */}}
{{- define "todo.fromSecret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: {name: {{ .secret | quote }}, key: {{ .name }}{{ if .optional }}, optional: true{{ end }}}
{{- end }}

{{- define "todo.signingSecret" -}}
{{ .Values.existingSecrets.signing | default (printf "%s-signing" (include "todo.fullname" .)) }}
{{- end }}

{{- define "todo.databaseSecret" -}}
{{- if and (eq .Values.database.mode "external") (not .Values.existingSecrets.database) -}}
{{- fail "database.mode is external: existingSecrets.database must name a Secret with DATABASE_URL and MIGRATE_DATABASE_URL" -}}
{{- end -}}
{{ .Values.existingSecrets.database | default (printf "%s-database" (include "todo.fullname" .)) }}
{{- end }}

{{- define "todo.signing" -}}
{{ include "todo.fromSecret" (dict "name" "BETTER_AUTH_SECRET" "secret" (include "todo.signingSecret" .)) }}
{{- end }}

{{/* (dict "root" $ "login" "service" "variable" "DATABASE_URL"): the URL of one login of the database in the cluster. */}}
{{- define "todo.loginUrl" -}}
{{- $password := printf "POSTGRES_%s_PASSWORD" (upper .login) -}}
{{ include "todo.fromSecret" (dict "name" $password "secret" (include "todo.databaseSecret" .root)) }}
- name: {{ .variable }}
  value: postgresql://todo_{{ .login }}:$({{ $password }})@{{ include "todo.fullname" .root }}-postgres/todo
{{- end }}

{{/* (dict "root" $ "login" "service"): how a server reaches the database. */}}
{{- define "todo.database" -}}
{{- if eq .root.Values.database.mode "external" -}}
{{ include "todo.fromSecret" (dict "name" "DATABASE_URL" "secret" (include "todo.databaseSecret" .root)) }}
{{- else -}}
{{ include "todo.loginUrl" (dict "root" .root "login" .login "variable" "DATABASE_URL") }}
{{- end -}}
{{- end }}

{{/* Where migrations connect: past the pooler, as the owner. */}}
{{- define "todo.directDatabase" -}}
{{- if eq .root.Values.database.mode "external" -}}
{{ include "todo.fromSecret" (dict "name" "MIGRATE_DATABASE_URL" "secret" (include "todo.databaseSecret" .root) "optional" true) }}
{{- else -}}
{{ include "todo.loginUrl" (dict "root" .root "login" .login "variable" "MIGRATE_DATABASE_URL") }}
{{- end -}}
{{- end }}

{{/* What an operator adds, as it stands; nothing that the chart sets itself (the schema sees to that). */}}
{{- define "todo.furtherEnv" -}}
- name: LOG_LEVEL
  value: {{ .root.Values.logLevel }}
{{- range $name, $value := (get .root.Values .name).env }}
- name: {{ $name }}
  value: {{ $value | replace "$(" "$$(" | quote }}
{{- end }}
{{- end }}

{{/* Changes when an existing Secret does, so that pods start anew; those that the chart makes never change. */}}
{{- define "todo.secretsChecksum" -}}
{{- $found := list -}}
{{- range . -}}
{{- if .secret -}}
{{- $found = append $found (lookup "v1" "Secret" .root.Release.Namespace .secret | default dict).data -}}
{{- end -}}
{{- end -}}
{{ toJson $found | sha256sum }}
{{- end }}
