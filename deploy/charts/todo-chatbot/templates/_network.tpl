{{/*
One component's policy: (dict "root" $ "name" "api" "from" (list "web") "to" (list "tools" "postgres") ...).
  anybody   true lets everybody in
  scraped   the port that Prometheus reads
  further   rules of egress, as YAML
*/}}
{{- define "todo.policy" -}}
{{- $root := .root -}}
{{- $monitored := and .scraped $root.Values.monitoring.serviceMonitor.enabled -}}
{{- if $root.Values.networkPolicy.enabled -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{- include "todo.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels: {{- include "todo.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- if or .from .anybody $monitored }}
  ingress:
    {{- if .anybody }}
    - ports:
        - {port: {{ include "todo.port" .name }}, protocol: TCP}
    {{- end }}
    {{- with .from }}
    - from:
        {{- range . }}
        - podSelector:
            matchLabels: {{- include "todo.selector" (dict "root" $root "name" .) | nindent 14 }}
        {{- end }}
      ports:
        - {port: {{ include "todo.port" $.name }}, protocol: TCP}
    {{- end }}
    {{- if $monitored }}
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ $root.Values.monitoring.namespace | quote }}
      ports:
        - {port: {{ .scraped }}, protocol: TCP}
    {{- end }}
  {{- end }}
  {{- if or .to .further }}
  egress:
    {{- range .to }}
    - to:
        - podSelector:
            matchLabels: {{- include "todo.selector" (dict "root" $root "name" .) | nindent 14 }}
      ports:
        - {port: {{ include "todo.port" . }}, protocol: TCP}
    {{- end }}
    {{- with .further }}
    {{- . | nindent 4 }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}

{{/* (dict "cidrs" (list ...) "port" 443) */}}
{{- define "todo.egressTo" -}}
- to:
    {{- range .cidrs }}
    - ipBlock: {cidr: {{ . | quote }}}
    {{- end }}
  ports:
    - {port: {{ .port }}, protocol: TCP}
{{- end }}

{{/* The rule that leads out to an external database, or nothing. */}}
{{- define "todo.egressToDatabase" -}}
{{- with .Values.database -}}
{{- if eq .mode "external" -}}
{{ include "todo.egressTo" (dict "cidrs" .external.egress "port" .external.port) }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The port of the model's server. */}}
{{- define "todo.modelPort" -}}
{{- if .Values.model.baseUrl -}}
{{- $url := urlParse .Values.model.baseUrl -}}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" -}}
{{- $port | default (ternary 443 80 (eq $url.scheme "https")) -}}
{{- else -}}
443
{{- end -}}
{{- end }}
