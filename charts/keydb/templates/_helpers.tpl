{{- define "keydb.name" -}}
{{- default .Release.Name .Values.name }}
{{- end }}
