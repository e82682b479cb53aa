def test_x(vault, inspection, cases):
    from storage.replay import differences
    from fieldkit import casework, overview, judging, searching, histories, referrals
    for l in vault.read_now(casework.case_lines, inspection): print(l)
    assert vault.read_now(lambda s: differences(s.connection()))==[]
    print(vault.read_now(overview.home, inspection))
    c=cases["WST-001"]
    for k in judging_open(vault,c): vault.write_now(judging.grade,c,k,"good")
    vault.write_now(judging.grade,c,"overall","ri",rationale="Nobody asked the child")
    vault.write_now(judging.reveal,c)
    print(vault.read_now(searching.search,inspection,"chil"))
    for h in vault.read_now(histories.record_history,"case",c): print(h.text)
    print(vault.read_now(casework.open_case,c))
    assert 0
def judging_open(vault,c):
    from fieldkit import judging
    return vault.read_now(judging.open_criteria,c)
