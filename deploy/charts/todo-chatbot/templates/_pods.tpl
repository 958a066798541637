{{/* What all pods and containers have in common. */}}

{{- define "todo.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata: {{- include "todo.metadata" . | nindent 2 }}
automountServiceAccountToken: false
{{- end }}

{{/* Of a Deployment: replicas, and an update that never has fewer of them. */}}
{{- define "todo.rollout" -}}
{{- $values := get .root.Values .name -}}
revisionHistoryLimit: 3
{{- if not $values.autoscaling.enabled }}
replicas: {{ $values.replicas }}
{{- end }}
strategy:
  type: RollingUpdate
  rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
selector:
  matchLabels: {{- include "todo.selector" . | nindent 4 }}
{{- end }}

{{- define "todo.podMetadata" -}}
{{- $values := get .root.Values .name -}}
labels:
  {{- include "todo.selector" . | nindent 2 }}
  {{- with $values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) ($values.podAnnotations | default dict) }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* "uid" is 65532 unless given. */}}
{{- define "todo.pod" -}}
{{- $uid := .uid | default 65532 -}}
serviceAccountName: {{ include "todo.componentName" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.images.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $uid }}
  runAsGroup: {{ $uid }}
  fsGroup: {{ $uid }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "todo.selector" . | nindent 8 }}
{{- end }}

{{- define "todo.tmp" -}}
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
{{- end }}

{{/* (dict "root" $ "image" "backend" "resources" {...}) */}}
{{- define "todo.container" -}}
image: {{ include "todo.image" . | quote }}
imagePullPolicy: {{ .root.Values.images.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
resources: {{- toYaml .resources | nindent 2 }}
{{- end }}

{{/*
Alive means: the process answers, whatever has become of its database. Ready means: it can do its work.
A pod that is leaving waits first, until nobody sends it anything new.
*/}}
{{- define "todo.serving" -}}
{{- $wait := .Values.preStopSeconds -}}
startupProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 3
  timeoutSeconds: 5
  failureThreshold: 2
lifecycle:
  preStop:
    # Not Kubernetes' own sleep action, which servers before 1.30 refuse.
    exec: {command: [sleep, {{ $wait | quote }}]}
{{- end }}

{{- define "todo.service" -}}
apiVersion: v1
kind: Service
metadata: {{- include "todo.metadata" . | nindent 2 }}
spec:
  selector: {{- include "todo.selector" . | nindent 4 }}
  ports:
    - name: {{ .portName | default "http" }}
      port: {{ include "todo.port" .name }}
      targetPort: {{ .portName | default "http" }}
      protocol: TCP
{{- end }}

{{- define "todo.scaling" -}}
{{- $values := get .root.Values .name -}}
{{- with $values.autoscaling }}
{{- if gt (int .minReplicas) (int .maxReplicas) }}
{{- fail (printf "%s.autoscaling.minReplicas is %d, which is more than its maxReplicas, %d" $.name (int .minReplicas) (int .maxReplicas)) }}
{{- end }}
{{- end }}
{{- if $values.autoscaling.enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{- include "todo.metadata" . | nindent 2 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ include "todo.componentName" . }}}
  minReplicas: {{ $values.autoscaling.minReplicas }}
  maxReplicas: {{ $values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ $values.autoscaling.targetCpuPercent }}}
{{- end }}
{{- if gt (int (ternary $values.autoscaling.minReplicas $values.replicas $values.autoscaling.enabled)) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{- include "todo.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "todo.selector" . | nindent 6 }}
{{- end }}
{{- end }}
