import typer
import yaml
from typer.testing import CliRunner

from creditscore.cli.ingest import register


def run(*arguments):
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    return CliRunner().invoke(app, ["ingest", *map(str, arguments)], catch_exceptions=False)


def test_the_command_counts_what_it_did_and_says_where_the_quarantine_lies(desk, mapping_of_ledger):
    source = desk.ledger("1,Secret,1/2/2013,2/1/2013,77.31,No,1/9/2013", "2,Secret,1/2/2013,2/1/2013,0,No,")
    mapping = desk.receive("mapping.yaml", yaml.safe_dump(mapping_of_ledger()))
    result = run(source, "--mapping", mapping, "-w", desk.root, "--received-on", "2014-01-31")
    assert result.exit_code == 0
    counts = {line.split()[0]: line.split()[1:] for line in result.output.splitlines() if line.startswith("invoices ")}
    assert counts == {"invoices": ["2", "0", "1", "0", "0", "0", "1"]}
    assert "invoices: 1 row breaks the rule no_invoice_is_zero" in result.output
    assert "quarantine" in result.output.replace("\n", "")
    assert "Secret" not in result.output
    assert "77.31" not in result.output
    assert len(desk.rows("payments")) == 1
