"""The typed expression language of the playbook keys `when`, `value` and `check`."""
