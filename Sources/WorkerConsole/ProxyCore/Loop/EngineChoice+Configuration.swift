import NetworkIO
import WorkerDomain

extension EngineChoice {
    init(_ engine: ProxyConfiguration.Engine) {
        self =
            switch engine {
            case .auto: .auto
            case .epoll: .epoll
            case .uring: .uring
            }
    }
}
