-- MLflow's tables live apart from the scores: neither may migrate the other's.
CREATE DATABASE mlflow;
