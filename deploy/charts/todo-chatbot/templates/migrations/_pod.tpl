{{/* Both migrations side by side; each is safe to repeat and holds a lock of its own. */}}
{{- define "todo.migrationsPod" -}}
{{- $resources := .Values.migrations.resources -}}
{{- $backend := include "todo.container" (dict "root" . "image" "backend" "resources" $resources) -}}
{{- $auth := include "todo.container" (dict "root" . "image" "auth" "resources" $resources) -}}
restartPolicy: OnFailure
{{ include "todo.pod" (dict "root" . "name" "migrations") }}
{{- if eq .Values.database.mode "incluster" }}
initContainers:
  - name: wait-for-postgres
    {{- include "todo.container" (dict "root" . "image" "postgres" "resources" $resources) | nindent 4 }}
    command: [sh, -c]
    # With a name: pg_isready would look up that of user 65532, who is nobody in this image.
    args:
      - until pg_isready --quiet --timeout=2 --username=todo_owner --host={{ include "todo.fullname" . }}-postgres; do sleep 1; done
{{- end }}
containers:
  - name: backend
    {{- $backend | nindent 4 }}
    args: [migrate]
    env:
      {{- include "todo.database" (dict "root" . "login" "service") | nindent 6 }}
      {{- include "todo.directDatabase" (dict "root" . "login" "owner") | nindent 6 }}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
  - name: auth
    {{- $auth | nindent 4 }}
    command: [node, dist/migrate.mjs]
    env:
      {{- include "todo.database" (dict "root" . "login" "auth") | nindent 6 }}
      {{- if eq .Values.database.mode "external" }}
      {{- include "todo.directDatabase" (dict "root" . "login" "auth") | nindent 6 }}
      {{- end }}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
volumes:
  {{- include "todo.tmp" . | nindent 2 }}
{{- end }}
