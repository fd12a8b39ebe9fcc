import ArgumentParser
@main struct Shuzhi: AsyncParsableCommand { func run() async throws {} }
