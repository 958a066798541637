"""The commands that bring the system to a cluster: `make minikube`, `make deploy`."""
