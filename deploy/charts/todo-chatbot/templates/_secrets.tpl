{{/* A Secret of random values that stays as it is once it exists: (dict "root" $ "name" "signing" "keys" (list ...)). */}}
{{- define "todo.generatedSecret" -}}
{{- $there := (lookup "v1" "Secret" .root.Release.Namespace (include "todo.componentName" .) | default dict).data | default dict -}}
apiVersion: v1
kind: Secret
metadata: {{- include "todo.metadata" . | nindent 2 }}
type: Opaque
data:
  {{- range .keys }}
  {{ . }}: {{ get $there . | default (randAlphaNum 48 | b64enc) }}
  {{- end }}
{{- end }}
