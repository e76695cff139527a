/// Makes engines.
enum Engines {
    static func make(_ choice: EngineChoice) -> any Engine {
        EpollEngine()
    }
}
