{{/* Names and labels. Components are described by (dict "root" $ "name" "api"). */}}

{{- define "todo.name" -}}
{{ .Values.nameOverride | default .Chart.Name }}
{{- end }}

{{- define "todo.fullname" -}}
{{- $name := .Release.Name -}}
{{- if .Values.fullnameOverride -}}
{{- $name = .Values.fullnameOverride -}}
{{- else if not (contains (include "todo.name" .) $name) -}}
{{- $name = printf "%s-%s" $name (include "todo.name" .) -}}
{{- end -}}
{{- /* A Service's name begins with a letter and has no dot; a Release's may. */ -}}
{{- $allowed := regexReplaceAll "^[0-9]" ($name | replace "." "-") "n${0}" -}}
{{- /* Room for "-migrations-" and a hash within 63 characters; changed names stay different. */ -}}
{{- if or (ne $allowed $name) (gt (len $name) 40) -}}
{{- $allowed = printf "%s-%s" (regexReplaceAll "-+$" (trunc 31 $allowed) "") (sha256sum $name | trunc 8) -}}
{{- end -}}
{{- $allowed -}}
{{- end }}

{{- define "todo.componentName" -}}
{{ include "todo.fullname" .root }}-{{ .name }}
{{- end }}

{{- define "todo.releaseSelector" -}}
app.kubernetes.io/name: {{ include "todo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "todo.selector" -}}
{{ include "todo.releaseSelector" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "todo.labels" -}}
{{ include "todo.selector" . }}
app.kubernetes.io/part-of: {{ .root.Chart.Name }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "todo.metadata" -}}
name: {{ include "todo.componentName" . }}
namespace: {{ .root.Release.Namespace | quote }}
labels: {{- include "todo.labels" . | nindent 2 }}
{{- end }}

{{/* The ports on which the components listen. */}}
{{- define "todo.port" -}}
{{- get (dict "api" 8001 "tools" 8002 "auth" 8003 "web" 8080 "postgres" 5432) . -}}
{{- end }}

{{/* (dict "root" $ "image" "backend") */}}
{{- define "todo.image" -}}
{{- $images := .root.Values.images -}}
{{- $image := get $images .image -}}
{{- $name := $image.repository -}}
{{- if and $images.registry (ne .image "postgres") -}}
{{- $name = printf "%s/%s" $images.registry $name -}}
{{- end -}}
{{- if $image.digest -}}
{{ $name }}@{{ $image.digest }}
{{- else -}}
{{ $name }}:{{ $image.tag | default $images.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end }}
