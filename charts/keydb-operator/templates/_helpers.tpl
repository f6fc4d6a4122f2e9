{{- define "keydb-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "keydb-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "keydb-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "keydb-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "keydb-operator.labels" -}}
{{ include "keydb-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: operator
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "keydb-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "keydb-operator.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* repository:tag, or repository@digest when there is a digest. Called with the image and the default tag. */}}
{{- define "keydb-operator.image" -}}
{{- if .image.digest }}
{{- printf "%s@%s" .image.repository .image.digest }}
{{- else }}
{{- printf "%s:%s" .image.repository (default .tag .image.tag) }}
{{- end }}
{{- end }}

{{/* The namespaces watched in scope Namespaces, as JSON; sorted, so that their order in the values changes nothing. */}}
{{- define "keydb-operator.namespaces" -}}
{{- if .Values.watch.namespaces }}
{{- dict "list" (.Values.watch.namespaces | uniq | sortAlpha) | toJson }}
{{- else }}
{{- dict "list" (list .Release.Namespace) | toJson }}
{{- end }}
{{- end }}

{{/* What the operator does in the namespaces it watches; the same in Role and ClusterRole. */}}
{{- define "keydb-operator.rules" -}}
- apiGroups: ["keydb.io"]
  resources: ["keydbs"]
  verbs: ["get", "list", "watch", "update", "patch"]
- apiGroups: ["keydb.io"]
  resources: ["keydbs/status"]
  verbs: ["get", "update", "patch"]
- apiGroups: ["keydb.io"]
  resources: ["keydbs/finalizers"]
  verbs: ["update"]
- apiGroups: ["apps"]
  resources: ["statefulsets"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"]
- apiGroups: [""]
  resources: ["services", "configmaps", "secrets", "persistentvolumeclaims"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"]
# Traffic is steered by labels on pods.
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["get", "list", "watch", "patch"]
- apiGroups: [""]
  resources: ["events"]
  verbs: ["get", "create", "update", "patch"]
{{- end }}
