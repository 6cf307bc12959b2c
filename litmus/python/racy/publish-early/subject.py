"""submit() registers the job before it has an owner: AttributeError for who finds it in between."""


class Job:
    pass


class Jobs:
    def __init__(self):
        self.jobs = []

    def submit(self, owner):
        job = Job()
        self.jobs.append(job)
        job.owner = owner

    def owners(self):
        return [job.owner for job in list(self.jobs)]
