import Testing

@Suite("TrafficJournal")
struct ModuleTests {}
